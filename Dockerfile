# landeval in a container. Nothing is sent or fetched while it runs: start it without a network.
#
#   docker build -t landeval .
#   docker run --rm --network none --user "$(id -u):$(id -g)" -v "$PWD/我的园区:/data" landeval run . --out 成果
#
# Without a network: make the bundle for the Python below where there is one, and the base image beside it,
#
#   python scripts/build_offline_bundle.py --platform linux --python 3.12 --out 离线安装包
#   docker pull python:3.12 && docker save -o python.tar python:3.12
#
# carry both over, and in the bundle's folder (it has this file, and the wheels in wheels/)
#
#   docker load -i python.tar
#   docker build --network none --build-arg BASE=python:3.12 --build-arg SYSTEM= -t landeval .
#
# The full base image has libexpat, which the wheels of fiona and rasterio need and the slim one lacks. SYSTEM= leaves out
# what apt would fetch: charts then use the font that landeval brings along (the 6,763 characters of GB 2312).
# Or build where there is a network, and carry the finished image over with docker save and docker load.
ARG BASE=python:3.12-slim

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY . .
RUN python -m venv /opt/landeval
# A bundle has its wheels in wheels/, and then nothing is looked for elsewhere. The build backend is pinned too.
RUN set -eu; \
    if [ -d wheels ]; then export PIP_NO_INDEX=1 PIP_FIND_LINKS=/build/wheels; fi; \
    /opt/landeval/bin/python -m pip install -c constraints.txt setuptools; \
    /opt/landeval/bin/python -m pip install -c constraints.txt --no-build-isolation .

FROM ${BASE}
ARG SYSTEM="fonts-noto-cjk libexpat1"
RUN if [ -n "${SYSTEM}" ]; then \
      apt-get update && apt-get install -y --no-install-recommends ${SYSTEM} && rm -rf /var/lib/apt/lists/*; \
    fi
COPY --from=build /opt/landeval /opt/landeval
ENV PATH=/opt/landeval/bin:${PATH} PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=/tmp/matplotlib
RUN useradd --create-home --uid 10001 landeval && mkdir /data && chown landeval:landeval /data
USER landeval
WORKDIR /data
ENTRYPOINT ["landeval"]
CMD ["--help"]
