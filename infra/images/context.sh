#!/bin/sh
# Lays out what an image holds: the jars, ONNX Runtime's native library for this machine beside them,
# the price book, and java.options, which names every jar in a fixed order and the one place where an
# image keeps what it computes.
#
#   infra/images/context.sh gateway|jobs DIRECTORY
set -eu

[ $# = 2 ] || { echo "usage: $0 gateway|jobs DIRECTORY" >&2; exit 2; }
kind=$1
out=$2
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
built=${TIERWISE_BUILT:-$home/cli/target}
jar=${JAVA_HOME:+$JAVA_HOME/bin/}jar

[ -f "$built/tierwise-cli.jar" ] || {
  echo "$0: $built has no tierwise-cli.jar; run ./tierwise --version first, which builds it" >&2
  exit 1
}

# What only training, and clients in tests, need.
case $kind in
  gateway) cache=/data/cache left_out='pytorch-*|langchain4j-embeddings-all-minilm-*|openai-java-*|kotlin-*|okhttp-*|okio-*' ;;
  jobs) cache=/work/cache left_out='openai-java-*|kotlin-*|okhttp-*|okio-*' ;;
  *) echo "$0: there is no image '$kind'; gateway or jobs" >&2; exit 2 ;;
esac

rm -rf "$out"
mkdir -p "$out/lib" "$out/native" "$out/infra"
cp "$built/tierwise-cli.jar" "$out/lib/"
for each in "$built"/lib/*.jar; do
  name=$(basename "$each")
  eval "case \$name in $left_out) continue ;; esac"
  cp "$each" "$out/lib/"
done
cp -r "$home/infra/prices" "$out/infra/"

# Native libraries of this machine alone, unpacked: a start neither copies them nor keeps them in
# memory, and /tmp may forbid execution, as Docker's --tmpfs does.
case $(uname -m) in
  aarch64 | arm64) machine=linux-aarch64 sqlite=aarch64 ;;
  *) machine=linux-x64 sqlite=x86_64 ;;
esac
out=$(CDPATH='' cd -- "$out" && pwd)
runtime=$(ls "$out"/lib/onnxruntime-[0-9]*.jar)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && "$jar" --extract --file "$runtime")
cp "$scratch/ai/onnxruntime/native/$machine"/* "$out/native/"
rm -rf "$scratch/ai/onnxruntime/native"
for database in "$out"/lib/sqlite-jdbc-*.jar; do
  [ ! -f "$database" ] || (cd "$out/native" && unpacked=org/sqlite/native/Linux/$sqlite &&
    "$jar" --extract --file "$database" "$unpacked/libsqlitejdbc.so" &&
    mv "$unpacked/libsqlitejdbc.so" . && rm -r org)
done
"$jar" --create --file "$runtime" --no-manifest -C "$scratch" .

{
  echo "-XX:+UseSerialGC"
  echo "-XX:-UsePerfData"
  echo "-XX:MaxRAMPercentage=60"
  echo "--enable-native-access=ALL-UNNAMED"
  echo "--sun-misc-unsafe-memory-access=allow"
  echo "-Dai.djl.offline=true"
  echo "-Dai.djl.pytorch.num_threads=1"
  echo "-Dai.djl.pytorch.num_interop_threads=1"
  echo "-Donnxruntime.native.path=/opt/tierwise/native"
  echo "-Dorg.sqlite.lib.path=/opt/tierwise/native"
  echo "-Dtierwise.home=/opt/tierwise"
  echo "-Dtierwise.cache=$cache"
  printf -- '-cp '
  (cd "$out/lib" && ls ./*.jar) | LC_ALL=C sort | sed 's|^\./|/opt/tierwise/lib/|' | paste -s -d: -
} >"$out/java.options"
echo "$out: $(du -sm "$out" | cut -f1) MB"
