# Kamailio with Pointsman's configuration and the module that Debian's packages lack.
#   docker build -f deploy/images/kamailio.Dockerfile -t pointsman-kamailio .
FROM debian:12-slim AS build
COPY deploy/kamailio/install-debian.sh deploy/kamailio/http_async_client.patch /tmp/
RUN sh /tmp/install-debian.sh \
 && cp /usr/lib/*/kamailio/modules/http_async_client.so /tmp/

FROM debian:12-slim
# Debian's package takes the user that is there. What ships the records of calls
# and what asks it over its socket are the same one.
RUN groupadd --system --gid 5060 kamailio \
 && useradd --system --uid 5060 --gid 5060 --home-dir /run/kamailio --shell /bin/false kamailio \
 && install -d -o kamailio -g kamailio -m 750 /var/spool/pointsman /run/kamailio
RUN printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      kamailio kamailio-extra-modules kamailio-lua-modules kamailio-sqlite-modules sqlite3 \
      kamailio-tls-modules openssl \
      libcurl4 libevent-2.1-7 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /tmp/http_async_client.so /tmp/http_async_client.so
RUN mv /tmp/http_async_client.so "$(dirname "$(find /usr/lib -name rtjson.so)")/"
COPY kamailio/*.cfg kamailio/*.lua /etc/kamailio/
COPY deploy/images/kamailio-entrypoint.sh /opt/pointsman/images/
COPY deploy/kamailio/settings-from-environment.sh deploy/kamailio/options.sh \
     deploy/kamailio/answer-cap.sh deploy/kamailio/reload-tls.sh /opt/pointsman/kamailio/
RUN chown -R kamailio /etc/kamailio
USER kamailio
ENTRYPOINT ["sh", "/opt/pointsman/images/kamailio-entrypoint.sh"]
