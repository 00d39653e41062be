package io.tierwise.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.InvalidValueException;
import java.util.Map;

/** The console's data. Errors are in OpenAI's form. */
public final class ConsoleDialect {
  private ConsoleDialect() {}

  public static Reply encode(ObjectNode data) {
    return Reply.json(200, Map.of(), data);
  }

  /** 400: a part of the path says nothing that is known. */
  public static DialectException refused(InvalidValueException e) {
    return DialectException.badRequest(
        e.field(), "'" + e.field() + "': " + e.trouble() + "; " + e.fix() + ".", "invalid_value");
  }

  /** 403: a caller's key, where an administrator's is needed. */
  public static DialectException noAdmin() {
    return new DialectException(
        403,
        DialectError.invalid(
            "Authorization",
            "This is a caller's key; the console needs an administrator's:"
                + " ./tierwise keys add --admin",
            "not_an_admin_key"));
  }

  /** 404: the page has no such file. */
  public static DialectException noFile(String name) {
    return new DialectException(
        404,
        DialectError.invalid(
            "file", "The console has no file '" + StrictJson.excerpt(name) + "'.", "not_found"));
  }

  /** 404: the ledger knows nothing of this request. */
  public static DialectException unknown(String requestId) {
    return new DialectException(
        404,
        DialectError.invalid(
            "request",
            "The ledger has no request '" + StrictJson.excerpt(requestId) + "'.",
            "request_not_found"));
  }

  /** 404: what the console would show is kept outside this process. */
  public static DialectException elsewhere() {
    return new DialectException(
        404,
        DialectError.invalid(
            "console",
            "This gateway keeps its ledger elsewhere; its dashboard is there too.",
            "not_found"));
  }
}
