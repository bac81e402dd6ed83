# Targets: worker, dispatcher, workbench, cli, worker-cuda. All run as user 10001 on a read-only root; /tmp is theirs to write (a tmpfs), /models holds models.
#     docker build --target worker -t sclip/worker:0.1.0 .
# tools/build-images builds them with buildah, also where no registry is reachable; docker compose builds those that compose.yaml names.

ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble
ARG CUDA_IMAGE=docker.io/nvidia/cuda:12.8.1-base-ubuntu24.04

# What a restore depends on, so that a change of other files leaves it cached.
FROM ${SDK_IMAGE} AS projects
WORKDIR /source
COPY . .
RUN find . -type f -not -name '*.csproj' -not -name '*.props' -not -name packages.lock.json -delete

# Exactly the packages of the lock files; an advisory of tomorrow must not stop the build of what was good today.
# A secret named nuget is a NuGet.Config for other sources; NUGET_FALLBACK_PACKAGES a mounted folder of packages.
FROM ${SDK_IMAGE} AS restore
ARG NUGET_FALLBACK_PACKAGES=
WORKDIR /source
COPY --from=projects /source .
RUN --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config dotnet restore src/Sclip.Cli --locked-mode -p:NuGetAudit=false

FROM restore AS build
ARG NUGET_FALLBACK_PACKAGES=
COPY . .
# Portable assemblies without a host of their own: the same files for every architecture. Style is checked elsewhere; no server outlives its step.
ENV PUBLISH="dotnet publish -c Release --no-restore --disable-build-servers -p:UseAppHost=false -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false -p:SatelliteResourceLanguages=en -p:RunAnalyzers=false"
RUN ${PUBLISH} src/Sclip.Cli -o /out/cli \
    && ${PUBLISH} --no-build src/Sclip.Worker -o /out/worker \
    && ${PUBLISH} --no-build src/Sclip.Dispatcher -o /out/dispatcher \
    && ${PUBLISH} --no-build src/Sclip.Workbench -o /out/workbench

# The worker with libtorch and CUDA beside it (TorchSharp-cuda-linux, gigabytes: libtorch 2.10 for CUDA 12.8, as CUDA_IMAGE). Without lock files, which hold the packages of the default build: the
# central versions are exact, and what depends on them is the lowest that they allow, so a restore of tomorrow gets the same.
FROM build AS build-cuda
ARG NUGET_FALLBACK_PACKAGES=
RUN --mount=type=secret,id=nuget,target=/root/.nuget/NuGet/NuGet.Config dotnet restore src/Sclip.Worker -p:NuGetAudit=false -p:Libtorch=cuda \
    && ${PUBLISH} -p:Libtorch=cuda src/Sclip.Worker -o /out/worker-cuda

# What all images share. Debian calls the first library libturbojpeg0, and Debian 12 has the decoders in libheif1; Ubuntu only suggests that of HEIC.
FROM ${RUNTIME_IMAGE} AS runtime
ARG IMAGE_LIBRARIES="libturbojpeg libspng0 libwebp7 libheif1 libheif-plugin-libde265"
RUN apt-get update \
    && apt-get install -y --no-install-recommends ${IMAGE_LIBRARIES} \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
    && install -d -o 10001 -g 10001 /models /var/cache/sclip
# Nothing is written outside /tmp, /models and, where SCLIP_DISPATCHER__CACHEFOLDER names it, /var/cache/sclip: no sockets for debuggers, and no home. The base's own port gives way to SCLIP_URLS.
ENV DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS= \
    HOME=/tmp \
    SCLIP_CACHE=/models
WORKDIR /app
VOLUME /models
USER 10001:10001

FROM runtime AS worker
COPY --from=build /out/worker .
ENV SCLIP_URLS=http://*:8081
EXPOSE 8081
# Ready, not only alive: whoever waits for a container wants to know. The start may have to pull a model.
HEALTHCHECK --interval=30s --timeout=10s --start-period=5m CMD ["dotnet", "/app/Sclip.Worker.dll", "health"]
ENTRYPOINT ["dotnet", "/app/Sclip.Worker.dll"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Sclip worker" \
      org.opencontainers.image.description="Takes shards of stored images from a queue and labels them with SCLIP." \
      org.opencontainers.image.licenses=MIT org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}

FROM runtime AS dispatcher
COPY --from=build /out/dispatcher .
ENV SCLIP_URLS=http://*:8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=10s --start-period=1m CMD ["dotnet", "/app/Sclip.Dispatcher.dll", "health"]
ENTRYPOINT ["dotnet", "/app/Sclip.Dispatcher.dll"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Sclip dispatcher" \
      org.opencontainers.image.description="Plans jobs of bulk image labelling, and serves them over HTTP." \
      org.opencontainers.image.licenses=MIT org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}

FROM runtime AS workbench
COPY --from=build /out/workbench .
ENV SCLIP_URLS=http://*:8082
EXPOSE 8082
HEALTHCHECK --interval=30s --timeout=10s --start-period=1m CMD ["dotnet", "/app/Sclip.Workbench.dll", "health"]
ENTRYPOINT ["dotnet", "/app/Sclip.Workbench.dll"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Sclip workbench" \
      org.opencontainers.image.description="Labels pictures of jobs live, while class names are typed." \
      org.opencontainers.image.licenses=MIT org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}

FROM runtime AS cli
COPY models/demo /app/models/demo
COPY --from=build /out/cli .
ENV SCLIP_HOME=/app
ENTRYPOINT ["dotnet", "/app/sclip.dll"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="sclip" \
      org.opencontainers.image.description="The command: label pictures, submit and watch jobs, pull models." \
      org.opencontainers.image.licenses=MIT org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}

FROM ${CUDA_IMAGE} AS worker-cuda
ARG IMAGE_LIBRARIES="libturbojpeg libspng0 libwebp7 libheif1 libheif-plugin-libde265"
RUN apt-get update \
    && apt-get install -y --no-install-recommends ${IMAGE_LIBRARIES} ca-certificates openssl tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/apt /var/log/dpkg.log \
    && install -d -o 10001 -g 10001 /models
COPY --from=runtime /usr/share/dotnet /usr/share/dotnet
COPY --from=build-cuda /out/worker-cuda /app
ENV DOTNET_EnableDiagnostics=0 \
    HOME=/tmp \
    PATH=/usr/share/dotnet:${PATH} \
    SCLIP_CACHE=/models \
    SCLIP_URLS=http://*:8081
WORKDIR /app
VOLUME /models
USER 10001:10001
EXPOSE 8081
HEALTHCHECK --interval=30s --timeout=10s --start-period=5m CMD ["dotnet", "/app/Sclip.Worker.dll", "health"]
ENTRYPOINT ["dotnet", "/app/Sclip.Worker.dll"]
ARG VERSION=0.1.0
ARG REVISION=
LABEL org.opencontainers.image.title="Sclip worker (CUDA)" \
      org.opencontainers.image.description="Takes shards of stored images from a queue and labels them with SCLIP on NVIDIA GPUs." \
      org.opencontainers.image.licenses=MIT org.opencontainers.image.version=${VERSION} org.opencontainers.image.revision=${REVISION}
