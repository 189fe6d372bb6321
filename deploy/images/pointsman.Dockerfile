# The platform: each role, `ship` and `agent` are the same image with another command.
#   docker build -f deploy/images/pointsman.Dockerfile -t pointsman .
FROM debian:12-slim AS build
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-venv ca-certificates \
 && rm -rf /var/lib/apt/lists/*
COPY deploy/requirements/run.txt /tmp/run.txt
RUN python3 -m venv /opt/pointsman \
 && /opt/pointsman/bin/pip install --no-cache-dir --require-hashes -r /tmp/run.txt
COPY backend/pointsman /opt/pointsman/lib/python3.11/site-packages/pointsman
RUN printf '#!/opt/pointsman/bin/python\nfrom pointsman.cli import main\nmain()\n' \
      > /opt/pointsman/bin/pointsman \
 && chmod 755 /opt/pointsman/bin/pointsman \
 && /opt/pointsman/bin/pointsman version

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/pointsman --create-home pointsman \
 && install -d -o 5060 -g 5060 -m 750 /var/spool/pointsman /run/kamailio
COPY --from=build /opt/pointsman /opt/pointsman
USER pointsman
ENV PATH=/opt/pointsman/bin:$PATH \
    POINTSMAN_STATE_DIR=/var/lib/pointsman \
    POINTSMAN_LOG_FORMAT=json
ENTRYPOINT ["pointsman"]
CMD ["serve", "router"]
