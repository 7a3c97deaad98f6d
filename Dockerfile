# An image that has seedkit alone, built from this repository:
#
#     docker build -t seedkit .
#
# Another image takes the program from it:
#
#     COPY --from=seedkit /seedkit /usr/local/bin/seedkit
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
ARG TARGETOS TARGETARCH TARGETVARIANT
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH GOARM=${TARGETVARIANT#v} \
    go build -tags urfave_cli_no_docs -trimpath -ldflags "-s -w" -o /out/seedkit ./cmd/seedkit && \
    mkdir -m 1777 /out/tmp

FROM scratch
COPY --from=build /out /
ENTRYPOINT ["/seedkit"]
