package io.tierwise.aws.dynamo;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** AWS's own DynamoDB for one machine, in this process and in memory. */
public final class LocalDynamo implements AutoCloseable {
  private final URI endpoint;
  private final DynamoDBProxyServer server;
  private final DynamoDbClient client;
  private int tables;

  public LocalDynamo() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "its native library is for x86-64 alone");
    System.setProperty("sqlite4java.library.path", nativeLibrary().getParent().toString());
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    server =
        ServerRunner.createServerFromCommandLineArgs(
            new String[] {"-inMemory", "-port", Integer.toString(port)});
    server.start();
    endpoint = URI.create("http://127.0.0.1:" + port);
    client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();
  }

  /** It is no jar, so it is on no class path; it lies beside the jar that loads it. */
  private static Path nativeLibrary() {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry);
      if (jar.getFileName().toString().startsWith("sqlite4java-")) {
        String version = jar.getParent().getFileName().toString();
        String name = "libsqlite4java-linux-amd64";
        return jar.getParent()
            .getParent()
            .resolveSibling(name)
            .resolve(version)
            .resolve(name + "-" + version + ".so");
      }
    }
    throw new IllegalStateException("sqlite4java is not on the class path");
  }

  public URI endpoint() {
    return endpoint;
  }

  public DynamoDbClient client() {
    return client;
  }

  /** A fresh table with a key {@code id}, as most of the template's are. */
  public String table() {
    return table(Map.of("id", KeyType.HASH));
  }

  /** A fresh table like the template's of the tasks' contracts. */
  public String contractTable() {
    Map<String, KeyType> keys = new LinkedHashMap<>();
    keys.put("task", KeyType.HASH);
    keys.put("item", KeyType.RANGE);
    return table(keys);
  }

  private String table(Map<String, KeyType> keys) {
    String name = "table-" + tables++;
    client.createTable(request ->
        request
            .tableName(name)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(
                keys.keySet().stream()
                    .map(key ->
                        AttributeDefinition.builder()
                            .attributeName(key)
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .toList())
            .keySchema(
                keys.entrySet().stream()
                    .map(key ->
                        KeySchemaElement.builder()
                            .attributeName(key.getKey())
                            .keyType(key.getValue())
                            .build())
                    .toList()));
    return name;
  }

  @Override
  public void close() {
    client.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("it does not stop", e);
    }
  }
}
