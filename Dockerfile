# The product without a database of its own: name a PostgreSQL by ConnectionStrings__NhiGovernance (see compose.yaml).
# Keys and other state that is no row are in /data: keep that volume, and keep it private.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN ./build/publish.sh "linux-$(uname -m | sed -e s/x86_64/x64/ -e s/aarch64/arm64/)" /app /intermediate

FROM debian:12-slim
# ICU, OpenSSL and the time zones are what .NET needs; git and ssh are what the Git connector needs.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git libicu72 libssl3 openssh-client tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin nhi \
    && install --directory --owner nhi --group nhi --mode 0700 /data
COPY --from=build /app /app
USER 10001
VOLUME /data
ENV Data=/data Urls=http://0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /readyz HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3; head -1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/app/NhiGovernance.Web"]
