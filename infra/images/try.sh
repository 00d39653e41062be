#!/bin/sh
# Builds the images without any registry and runs them: the gateway's in 512 MB, and in that of the
# jobs a student is distilled. A base by debootstrap and jlink, an engine of its own where none runs,
# both from Debian. Leaves nothing behind but packages.
# Where that cannot be done it says why and ends with 0.
#
#   infra/images/try.sh            as root, with a JDK 25 in JAVA_HOME, after ./tierwise --version
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
skip() { echo "skipped: $*"; exit 0; }
now() { echo $(($(date +%s%N) / 1000000)); }

[ "$(id -u)" = 0 ] || skip "an engine of its own needs root"
command -v apt-get >/dev/null || skip "it knows Debian's packages alone"
[ -x "${JAVA_HOME:-}/bin/jlink" ] || skip "JAVA_HOME names no JDK"
[ -f "${TIERWISE_BUILT:-$home/cli/target}/tierwise-cli.jar" ] || skip "Tierwise is not built"

for tool in dockerd docker iptables debootstrap curl; do
  command -v "$tool" >/dev/null && continue
  echo "installing what it needs from Debian ..."
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q docker.io iptables debootstrap curl >/dev/null ||
    skip "Debian's packages cannot be had"
  break
done

work=$(mktemp -d "${TMPDIR:-/var/tmp}/tierwise-images.XXXXXX")
export DOCKER_HOST="unix://$work/docker.sock" DOCKER_BUILDKIT=0
engine= large=
finish() {
  docker rm -f tierwise-try >/dev/null 2>&1 || true
  [ -z "$large" ] || kill "$large" 2>/dev/null || true
  if [ -n "$engine" ]; then
    kill "$engine" 2>/dev/null || true
    wait "$engine" 2>/dev/null || true
  fi
  umount "$work"/exec/netns/* 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT INT TERM

dockerd --iptables=false --ip6tables=false --bip 172.30.0.1/24 --host "$DOCKER_HOST" \
  --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/docker.pid" \
  >"$work/dockerd.log" 2>&1 &
engine=$!
tries=0
until docker info >/dev/null 2>&1; do
  tries=$((tries + 1))
  kill -0 "$engine" 2>/dev/null && [ "$tries" -lt 300 ] || {
    tail -n 3 "$work/dockerd.log"
    engine=
    skip "no engine runs here"
  }
  sleep 0.1
done

# --- the base: Debian's smallest system, and of the JDK what is needed to run
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE)' | head -n 1)}
suite=${DEBIAN_SUITE:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
debootstrap --variant=minbase "$suite" "$work/base" "$mirror" >"$work/debootstrap.log" 2>&1 || {
  tail -n 3 "$work/debootstrap.log"
  skip "debootstrap cannot build a base here"
}
rm -rf "$work"/base/var/cache/apt/* "$work"/base/var/lib/apt/lists/* "$work"/base/usr/share/doc/* \
  "$work"/base/usr/share/locale/* "$work"/base/usr/share/man/*
"$JAVA_HOME/bin/jlink" --output "$work/base/opt/java" --generate-cds-archive --strip-debug \
  --no-header-files --no-man-pages \
  --add-modules java.se,jdk.unsupported,jdk.management,jdk.net,jdk.httpserver,jdk.crypto.ec,jdk.zipfs,jdk.jfr
tar -C "$work/base" -c . |
  docker import --change 'ENV PATH=/opt/java/bin:/usr/bin:/bin' - tierwise-base >/dev/null
rm -rf "$work/base"

# --- the image
"$home/infra/images/context.sh" gateway "$work/context"
docker build --network none --build-arg BASE=tierwise-base -t tierwise \
  -f "$home/infra/images/gateway/Dockerfile" "$work/context" >"$work/build.log" 2>&1 || {
  tail -n 30 "$work/build.log"
  exit 1
}
size() { echo $(($(docker image inspect -f '{{.Size}}' "$1") / 1000000)); }
echo "image: $(size tierwise) MB, its base $(size tierwise-base) MB of it"

# --- a run: 512 MB, one processor, nothing writable but /tmp and the data
"$JAVA_HOME/bin/java" "$home/infra/images/LargeModel.java" 18091 >"$work/large.log" 2>&1 &
large=$!
mkdir "$work/run" && chown 65532:65532 "$work/run"
cat >"$work/tierwise.yaml" <<EOF
server: {host: 127.0.0.1, port: 18090}
data: /data
upstreams:
  large: {url: 'http://127.0.0.1:18091', protocol: invocations, model: big}
tasks:
  - name: support
    labels: [refund, other]
    contract: {epsilon: 0.05, delta: 0.05}
    large: {upstream: large, price: gpt-4o-mini}
EOF
until curl -s -o "$work/answer" http://127.0.0.1:18091/invocations -d '{}'; do sleep 0.1; done
begun=$(now)
docker run -d --name tierwise-try --network host --memory 512m --memory-swap 512m --cpus "${CPUS:-1}" \
  --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  -v "$work/run:/data" -v "$work/tierwise.yaml:/etc/tierwise/tierwise.yaml:ro" tierwise >/dev/null
until curl -sf -o "$work/answer" http://127.0.0.1:18090/health/ready; do
  [ "$(docker inspect -f '{{.State.Running}}' tierwise-try)" = true ] &&
    [ $(($(now) - begun)) -lt 120000 ] || { docker logs tierwise-try; exit 1; }
  sleep 0.02
done
ready=$(now)
key=$(docker logs tierwise-try 2>/dev/null | sed -n 's/^First key .*: //p')
curl -sf -o "$work/answer" http://127.0.0.1:18090/v1/chat/completions -H "authorization: Bearer $key" \
  -d '{"model": "support", "messages": [{"role": "user", "content": "hello"}]}'
answered=$(now)
grep -q '"content":"other"' "$work/answer" || { cat "$work/answer"; exit 1; }
echo "ready after $((ready - begun)) ms, first answer $((answered - ready)) ms later, container's start included"
sleep 10
echo "memory at rest: $(docker stats --no-stream --format '{{.MemUsage}}' tierwise-try)"
[ "$(docker exec tierwise-try id -u)" != 0 ] || { echo "it runs as root"; exit 1; }
! docker exec tierwise-try sh -c 'touch /opt/tierwise/x' 2>/dev/null || { echo "its root is writable"; exit 1; }
docker stop -t 20 tierwise-try >/dev/null
echo "stopped with $(docker inspect -f '{{.State.ExitCode}}' tierwise-try)"

# --- the image of the jobs: the demo's own texts, their labels in place of a large model's answers
"$home/infra/images/context.sh" jobs "$work/jobs"
docker build --network none --build-arg BASE=tierwise-base -t tierwise-jobs \
  -f "$home/infra/images/jobs/Dockerfile" "$work/jobs" >"$work/build.log" 2>&1 || {
  tail -n 30 "$work/build.log"
  exit 1
}
echo "image of the jobs: $(size tierwise-jobs) MB"
mkdir "$work/job"
cp "$home/infra/demo/support-desk/teacher.jsonl" "$work/job/texts.jsonl"
sed 's/"label"/"reference"/' "$home/infra/demo/support-desk/teacher.jsonl" >"$work/job/train.jsonl"
chown -R 65532:65532 "$work/job"
job() {
  docker run --rm --network none --memory 1500m --memory-swap 1500m --cpus "${CPUS:-1}" --read-only \
    --tmpfs /tmp:exec,size=2g --cap-drop ALL --security-opt no-new-privileges \
    -v "$work/job:/work" tierwise-jobs "$@"
}
job config init --task desk --data texts.jsonl --upstream http://127.0.0.1:1 >/dev/null
begun=$(now)
job distill student --task desk --data train.jsonl --out student --quiet
echo "a student distilled from $(grep -c . "$work/job/train.jsonl") texts in $(($(now) - begun)) ms:"
ls "$work/job/student"
