# RTPEngine in user space, for Kamailio's WITH_RTPENGINE.
#   docker build -f deploy/images/rtpengine.Dockerfile -t pointsman-rtpengine .
FROM debian:12-slim
COPY deploy/kamailio/install-rtpengine.sh /tmp/
RUN sh /tmp/install-rtpengine.sh && rm -rf /var/lib/apt/lists/* /tmp/install-rtpengine.sh
USER rtpengine
ENTRYPOINT ["rtpengine", "--config-file=none", "--foreground", "--log-stderr", "--table=-1", \
  "--port-min=30000", "--port-max=39999"]
