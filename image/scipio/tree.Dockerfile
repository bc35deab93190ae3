# A user's built Scipio tree on top of the JDK, without agent and templates: the large layer, built
# again only when the tree has changed. Context: `scipio/`, assembled by automation/scipio_image.py.

ARG RUNTIME_IMAGE
FROM ${RUNTIME_IMAGE}

ENV OFBIZ_HOME=/opt/scipio \
    SCIPIO_JAR=ofbiz.jar

COPY scipio /opt/scipio

# What the ERP writes to; everything else is root's and read-only. Without its `data`, a local Solr
# core alone is missing.
RUN set -e; \
    for directory in logs tmp tempfiles catalina/work indexes data; do \
        mkdir -p "$OFBIZ_HOME/runtime/$directory"; \
    done; \
    for core in "$OFBIZ_HOME"/applications/solr/cores/*/; do \
        if [ -d "$core" ]; then \
            install --directory --owner=scipio --group=scipio "${core}data"; \
        fi; \
    done; \
    chown -R scipio:scipio "$OFBIZ_HOME/runtime"
