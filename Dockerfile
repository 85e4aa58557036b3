# The program and nothing else:
#   docker build -t pycheck . && docker run --rm -v "$PWD:/io" pycheck
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
RUN cargo build --release --locked --package pycheck

FROM scratch
COPY --from=build /src/target/release/pycheck /pycheck
COPY LICENSE /LICENSE
WORKDIR /io
ENTRYPOINT ["/pycheck"]
