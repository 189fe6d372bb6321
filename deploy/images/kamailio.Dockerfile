# Kamailio with Pointsman's configuration and the module that Debian's packages lack.
#   docker build -f deploy/images/kamailio.Dockerfile -t pointsman-kamailio .
FROM debian:12-slim AS build
COPY deploy/kamailio/install-debian.sh /tmp/install-debian.sh
RUN sh /tmp/install-debian.sh \
 && cp /usr/lib/*/kamailio/modules/http_async_client.so /tmp/

FROM debian:12-slim
RUN printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d \
 && apt-get update \
 && apt-get install -y --no-install-recommends \
      kamailio kamailio-extra-modules libcurl4 libevent-2.1-7 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /tmp/http_async_client.so /tmp/http_async_client.so
RUN mv /tmp/http_async_client.so "$(dirname "$(find /usr/lib -name rtjson.so)")/"
COPY kamailio/*.cfg /etc/kamailio/
COPY deploy/images/kamailio-entrypoint.sh /usr/local/bin/kamailio-entrypoint
RUN chmod 755 /usr/local/bin/kamailio-entrypoint && chown -R kamailio /etc/kamailio
USER kamailio
ENTRYPOINT ["kamailio-entrypoint"]
