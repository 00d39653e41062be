package io.tierwise.cli.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Requests that are refused. */
final class BadRequests {
  private static final String CHAT = "/v1/chat/completions";
  private static final String INFER = "/v2/models/support/infer";
  private static final String HELLO = "[{\"role\": \"user\", \"content\": \"hi\"}]";
  private static final String FINE = "{\"model\": \"support\", \"messages\": " + HELLO + "}";
  private static final int MEBIBYTE = 1 << 20;

  private BadRequests() {}

  record Group(String name, List<Case> cases) {}

  /** One bad request, and what it is called in the table. */
  record Case(String name, Sending sending) {}

  @FunctionalInterface
  interface Sending {
    RawClient.Reply to(RawClient client) throws IOException;
  }

  /**
   * @param answered the id of a request that was answered
   */
  static List<Group> groups(String answered) {
    return List.of(
        new Group("The request as such", protocol()),
        new Group("`POST /v1/chat/completions`: what is no JSON", json()),
        new Group("`POST /v1/chat/completions`: parameters", parameters()),
        new Group("`POST /v1/chat/completions`: messages", messages()),
        new Group("Headers", headers()),
        new Group("`POST /v2/models/support/infer`", tensors()),
        new Group("`POST /v1/feedback`", feedback(answered)));
  }

  private static List<Case> protocol() {
    return List.of(
        new Case("no key", client -> bare(client, "content-length: " + FINE.length())),
        new Case(
            "`Authorization: Basic …`",
            client -> bare(client, "authorization: Basic abc", "content-length: " + FINE.length())),
        new Case(
            "a key that nobody has",
            client ->
                bare(
                    client,
                    "authorization: Bearer tw_nobody_nothing",
                    "content-length: " + FINE.length())),
        new Case("`GET /v1/chat/completions`", client -> client.send("GET", CHAT, new byte[0])),
        new Case("`PUT /v1/feedback`", client -> client.send("PUT", "/v1/feedback", bytes(FINE))),
        new Case("`DELETE` an inference", client -> client.send("DELETE", INFER, new byte[0])),
        new Case("a path that is not there", client -> post(client, "/v1/completions", FINE)),
        new Case("a path that is not there, under `/v2`", client -> post(client, "/v2/x", FINE)),
        new Case("a slash too many: `…/completions/`", client -> post(client, CHAT + "/", FINE)),
        new Case(
            "`GET /v1/models/nothing`",
            client -> client.send("GET", "/v1/models/nothing", new byte[0])),
        new Case(
            "`GET /v1/models/..%2f..%2fetc%2fpasswd`",
            client -> client.send("GET", "/v1/models/..%2f..%2fetc%2fpasswd", new byte[0])),
        new Case(
            "`GET /v1/models/../../etc/passwd`",
            client -> client.send("GET", "/v1/models/../../etc/passwd", new byte[0])),
        new Case(
            "a broken escape in the path: `%zz`",
            client -> client.send("GET", "/v1/models/%zz", new byte[0])),
        new Case(
            "a body of 1 MiB and a byte",
            client -> post(client, CHAT, FINE + " ".repeat(MEBIBYTE + 1 - FINE.length()))),
        new Case(
            "the same in chunks",
            client -> {
              String body = FINE + " ".repeat(MEBIBYTE + 1 - FINE.length());
              return chunked(client, Integer.toHexString(MEBIBYTE + 1) + "\r\n" + body + "\r\n");
            }),
        new Case("chunks of which one has no size", client -> chunked(client, "zz\r\n{}\r\n")),
        new Case(
            "fewer bytes than `Content-Length` says",
            client -> bare(client, key(client), "content-length: " + (FINE.length() + 10))),
        new Case("`Content-Length: -1`", client -> bare(client, key(client), "content-length: -1")),
        new Case(
            "`Content-Length: many`", client -> bare(client, key(client), "content-length: many")),
        new Case(
            "two lengths that differ",
            client ->
                bare(
                    client,
                    key(client),
                    "content-length: " + FINE.length(),
                    "content-length: " + (FINE.length() + 1))),
        new Case(
            "a length and chunks",
            client ->
                bare(
                    client,
                    key(client),
                    "content-length: " + FINE.length(),
                    "transfer-encoding: chunked")),
        new Case(
            "`Transfer-Encoding: xchunked`",
            client -> bare(client, key(client), "transfer-encoding: xchunked")),
        new Case("neither a length nor chunks", client -> bare(client, key(client))),
        new Case("`Content-Length: 0`", client -> post(client, CHAT, "")),
        new Case(
            "`Content-Type: text/plain`",
            client -> client.sendOnly("POST", CHAT, bytes("hello"), plainText(client))),
        new Case(
            "a body in gzip",
            client -> client.send("POST", CHAT, gzip(FINE), "content-encoding: gzip")),
        new Case("not HTTP", client -> client.exchange(bytes("HELO gateway.example\r\n\r\n"))));
  }

  private static List<String> plainText(RawClient client) {
    return List.of(key(client), "content-type: text/plain", "content-length: 5");
  }

  private static List<Case> json() {
    return List.of(
        chat("`hello`", "hello"),
        chat("`{\"model\": \"support\"` (broken off)", "{\"model\": \"support\""),
        chat("`[]`", "[]"),
        chat("`null`", "null"),
        chat("two objects: `{} {}`", "{} {}"),
        chat("a comma too many: `{\"a\": 1,}`", "{\"a\": 1,}"),
        chat("single quotes: `{'a': 1}`", "{'a': 1}"),
        chat("a key twice", "{\"model\": \"support\", \"model\": \"other\"}"),
        chat("`[[[…` 5,000 deep", "{\"a\": " + "[".repeat(5000)),
        chat("33 levels", "{\"a\": " + "[".repeat(32) + "]".repeat(32) + "}"),
        chat("a number of 2,000 digits", "{\"n\": " + "9".repeat(2000) + "}"),
        chat("`NaN`", "{\"temperature\": NaN}"),
        chat("a name of 60,000 characters", "{\"" + "k".repeat(60_000) + "\": 1}"),
        chat("a BOM before the object", "\uFEFF" + FINE),
        chat("a NUL after the object", FINE + "\0"),
        chat("a raw NUL in a string", "{\"model\": \"sup\0port\"}"),
        new Case(
            "bytes that are no UTF-8 (`C3 28`)",
            client -> client.send("POST", CHAT, new byte[] {'{', '"', (byte) 0xC3, 0x28, '"'})),
        new Case(
            "UTF-16",
            client ->
                client.send(
                    "POST", CHAT, FINE.getBytes(java.nio.charset.StandardCharsets.UTF_16))));
  }

  private static List<Case> parameters() {
    return List.of(
        chat("`{}`", "{}"),
        chat("`\"model\": 7`", "{\"model\": 7, \"messages\": " + HELLO + "}"),
        chat("`\"model\": \"\"`", "{\"model\": \"\", \"messages\": " + HELLO + "}"),
        chat("`\"model\": \"gpt-4o\"`", FINE.replace("support", "gpt-4o")),
        chat("`\"model\": \"../../etc/passwd\"`", FINE.replace("support", "../../etc/passwd")),
        chat("`\"model\": \"Support\"`", FINE.replace("support", "Support")),
        with("\"n\": 2"),
        with("\"n\": 1e400"),
        with("\"temperature\": 2.1"),
        with("\"temperature\": -1"),
        with("\"temperature\": \"hot\""),
        with("\"temperature\": 1e999"),
        with("\"stream\": \"yes\""),
        with("\"stream_options\": {\"include_usage\": true}"),
        with("\"stream\": true, \"stream_options\": {\"usage\": true}"),
        with("\"logprobs\": 5"),
        with("\"top_logprobs\": 3"),
        with("\"logprobs\": true, \"top_logprobs\": 21"),
        with("\"tools\": []"),
        with("\"tool_choice\": \"auto\""),
        with("\"response_format\": {\"type\": \"json_object\"}"),
        with("\"logit_bias\": {\"50256\": -100}"),
        with("\"modalities\": [\"audio\"]"),
        with("\"temprature\": 0"));
  }

  private static List<Case> messages() {
    String image = "[{\"type\": \"image_url\", \"image_url\": {\"url\": \"data:,\"}}]";
    return List.of(
        chat("no `messages`", "{\"model\": \"support\"}"),
        said("`[]`", "[]"),
        said("`\"hi\"`", "\"hi\""),
        said("`[\"hi\"]`", "[\"hi\"]"),
        said("only a system message", "[{\"role\": \"system\", \"content\": \"hi\"}]"),
        said("`\"role\": \"User\"`", "[{\"role\": \"User\", \"content\": \"hi\"}]"),
        said("no `role`", "[{\"content\": \"hi\"}]"),
        said("no `content`", "[{\"role\": \"user\"}]"),
        said("`\"content\": 5`", content("5")),
        said("`\"content\": \"\"`", content("\"\"")),
        said("white space alone", content("\" \\t\\n\"")),
        said("`\"content\": []`", content("[]")),
        said("an image", content(image)),
        said("a part without its text", content("[{\"type\": \"text\"}]")),
        said("half a surrogate pair: `\"\\ud83d\"`", content("\"\\ud83d\"")),
        said("a text of 32 KiB and a byte", content("\"" + "x".repeat(32 * 1024 + 1) + "\"")));
  }

  private static List<Case> headers() {
    return List.of(
        header("x-tierwise-policy: cheapest"),
        header("x-tierwise-policy: CHEAP-ONLY"),
        new Case(
            "`x-tierwise-policy` twice",
            client ->
                client.send(
                    "POST",
                    CHAT,
                    bytes(FINE),
                    "x-tierwise-policy: default",
                    "x-tierwise-policy: large-only")),
        header("x-tierwise-timeout-ms: soon"),
        header("x-tierwise-timeout-ms: 0"),
        header("x-tierwise-timeout-ms: -5"),
        header("x-stainless-timeout: NaN"),
        new Case(
            "a carriage return in a header",
            client -> client.send("POST", CHAT, bytes(FINE), "x-tierwise-policy: a\rb: c")),
        new Case(
            "a NUL in a header",
            client -> client.send("POST", CHAT, bytes(FINE), "x-tierwise-policy: a\0b")),
        new Case(
            "a header without its colon",
            client -> client.send("POST", CHAT, bytes(FINE), "x-tierwise-policy")),
        new Case(
            "a header of 64 KiB",
            client -> client.send("POST", CHAT, bytes(FINE), "x-note: " + "x".repeat(65_536))),
        new Case(
            "a thousand headers",
            client ->
                client.send(
                    "POST",
                    CHAT,
                    bytes(FINE),
                    IntStream.range(0, 1000)
                        .mapToObj(i -> "x-note-" + i + ": some more words in it")
                        .collect(Collectors.joining("\r\n")))),
        new Case(
            "`Inference-Header-Content-Length: 12` under `/v2`",
            client ->
                client.send("POST", INFER, bytes("{}"), "inference-header-content-length: 12")));
  }

  private static List<Case> tensors() {
    String many = "\"x\",".repeat(128) + "\"x\"";
    return List.of(
        infer("an empty body", ""),
        infer("`{}`", "{}"),
        infer("`\"inputs\": []`", "{\"inputs\": []}"),
        infer("two tensors", "{\"inputs\": [{}, {}]}"),
        infer("`\"inputs\": [5]`", "{\"inputs\": [5]}"),
        infer("`\"id\": 5`", "{\"id\": 5, \"inputs\": []}"),
        infer("an unknown field", "{\"input\": []}"),
        infer("no `name`", "{\"inputs\": [{\"datatype\": \"BYTES\"}]}"),
        tensor("`\"datatype\": \"INT64\"`", "INT64", "[1]", "[1]"),
        tensor("`\"datatype\": \"bytes\"`", "bytes", "[1]", "[\"x\"]"),
        tensor("a batch of 0", "BYTES", "[0]", "[]"),
        tensor("a batch of 129", "BYTES", "[129]", "[" + many + "]"),
        tensor("`\"shape\": []`", "BYTES", "[]", "[\"x\"]"),
        tensor("`\"shape\": [-1]`", "BYTES", "[-1]", "[\"x\"]"),
        tensor("`\"shape\": [1.5]`", "BYTES", "[1.5]", "[\"x\"]"),
        tensor("`\"shape\": [1, 2]` for texts", "BYTES", "[1, 2]", "[\"x\", \"y\"]"),
        tensor("more in the shape than in the data", "BYTES", "[2]", "[\"x\"]"),
        tensor("fewer in the shape than in the data", "BYTES", "[1]", "[\"x\", \"y\"]"),
        tensor("no `data`", "BYTES", "[1]", "null"),
        tensor("a number among texts", "BYTES", "[2]", "[\"x\", 5]"),
        tensor("a blank text", "BYTES", "[2]", "[\"x\", \" \"]"),
        tensor("a text among features", "FP32", "[1, 2]", "[1, \"x\"]"),
        tensor("`1e39` among features", "FP32", "[1, 2]", "[1, 1e39]"),
        tensor("features of `\"shape\": [2]`", "FP32", "[2]", "[1, 2]"),
        tensor("rows of different lengths", "FP32", "[2, 2]", "[[1, 2], [3]]"),
        tensor("a shape that overflows", "FP32", "[1, 2147483647]", "[1]"),
        infer(
            "`\"binary_data\": true`",
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
                + " \"parameters\": {\"binary_data_size\": 5}}]}"),
        infer(
            "an output that is none",
            "{\"inputs\": [{\"name\": \"text\", \"datatype\": \"BYTES\", \"shape\": [1],"
                + " \"data\": [\"x\"]}], \"outputs\": [{\"name\": \"score\"}]}"),
        new Case(
            "`/v2/models/nothing/infer`", client -> post(client, "/v2/models/nothing/infer", "{}")),
        new Case(
            "`/v2/models/support/versions/2/infer`",
            client -> post(client, "/v2/models/support/versions/2/infer", "{}")));
  }

  private static List<Case> feedback(String answered) {
    String never = "019ca912-6800-7abc-9def-0123456789ab";
    return List.of(
        correction("`{}`", "{}"),
        correction("no `label`", "{\"request_id\": \"" + answered + "\"}"),
        correction("`\"request_id\": \"7\"`", "{\"request_id\": \"7\", \"label\": \"refund\"}"),
        correction("an id of no answer", given(never, "refund")),
        correction("a row that was not asked", given(answered + "-3", "refund")),
        correction("a label that no task has", given(answered, "Refund")),
        correction(
            "a note beside it",
            "{\"request_id\": \"" + answered + "\", \"label\": \"refund\", \"note\": \"\"}"));
  }

  private static String given(String id, String label) {
    return "{\"request_id\": \"" + id + "\", \"label\": \"" + label + "\"}";
  }

  private static Case correction(String name, String body) {
    return new Case(name, client -> post(client, "/v1/feedback", body));
  }

  private static Case chat(String name, String body) {
    return new Case(name, client -> post(client, CHAT, body));
  }

  private static Case with(String parameter) {
    return chat(
        "`" + parameter + "`",
        "{\"model\": \"support\", \"messages\": " + HELLO + ", " + parameter + "}");
  }

  private static Case said(String name, String messages) {
    return chat(name, "{\"model\": \"support\", \"messages\": " + messages + "}");
  }

  private static String content(String value) {
    return "[{\"role\": \"user\", \"content\": " + value + "}]";
  }

  private static Case header(String line) {
    return new Case("`" + line + "`", client -> client.send("POST", CHAT, bytes(FINE), line));
  }

  private static Case infer(String name, String body) {
    return new Case(name, client -> post(client, INFER, body));
  }

  private static Case tensor(String name, String datatype, String shape, String data) {
    return infer(
        name,
        "{\"inputs\": [{\"name\": \"x\", \"datatype\": \"%s\", \"shape\": %s, \"data\": %s}]}"
            .formatted(datatype, shape, data));
  }

  private static RawClient.Reply post(RawClient client, String path, String body)
      throws IOException {
    return client.send("POST", path, bytes(body));
  }

  private static RawClient.Reply chunked(RawClient client, String chunks) throws IOException {
    return client.sendOnly(
        "POST",
        CHAT,
        bytes(chunks + "0\r\n\r\n"),
        List.of(key(client), "transfer-encoding: chunked"));
  }

  private static RawClient.Reply bare(RawClient client, String... headers) throws IOException {
    return client.sendOnly("POST", CHAT, bytes(FINE), List.of(headers));
  }

  private static String key(RawClient client) {
    return "authorization: Bearer " + client.key();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(bytes(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
