import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

/**
 * Says the same label to everybody, as an endpoint of SageMaker does. {@code java LargeModel.java
 * PORT}
 */
class LargeModel {
  public static void main(String[] arguments) throws Exception {
    byte[] answer =
        "{\"outputs\":[{\"label\":\"other\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}}"
            .getBytes("UTF-8");
    HttpServer server =
        HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
    server.createContext(
        "/invocations",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.getResponseHeaders().add("content-type", "application/json");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
  }
}
