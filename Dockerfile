# Perceptarium in a container: docker build -t perceptarium:0.1.0 . &&
# docker run -p 8642:8642 -v perceptarium:/data perceptarium:0.1.0
# It prints a link with the token that every caller needs (docker logs); -e PERCEPTARIUM_TOKEN=... sets one.
# To call it by another name or address than localhost, add -e PERCEPTARIUM_ALLOWED_HOSTS=name.example

FROM python:3.13.11-slim-trixie AS build
WORKDIR /source
RUN python -m venv /build && python -m venv --without-pip /opt/perceptarium
COPY constraints.txt ./
RUN /build/bin/pip install --no-cache-dir -c constraints.txt hatchling
COPY pyproject.toml LICENSE ./
COPY app app
COPY engine engine
COPY static static
COPY templates templates
RUN /build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /build/bin/pip --python /opt/perceptarium/bin/python install --no-cache-dir -c constraints.txt /wheels/*.whl

FROM python:3.13.11-slim-trixie
RUN useradd --system --user-group --no-create-home --home-dir /data perceptarium \
    && install --directory --owner perceptarium --group perceptarium /data
COPY --from=build /opt/perceptarium /opt/perceptarium
ENV PATH=/opt/perceptarium/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PERCEPTARIUM_HOST=0.0.0.0 \
    PERCEPTARIUM_PORT=8642 \
    PERCEPTARIUM_DATA_DIR=/data
USER perceptarium
WORKDIR /data
VOLUME /data
EXPOSE 8642
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PERCEPTARIUM_PORT\"]}/readyz', timeout=4)"]
# The list form: the server itself receives SIGTERM from `docker stop`, and keeps its checkpoints.
CMD ["perceptarium", "serve", "--no-open"]
