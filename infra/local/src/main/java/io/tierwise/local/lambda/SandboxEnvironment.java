package io.tierwise.local.lambda;

import java.util.HashMap;
import java.util.Map;

/** The variables that Lambda sets for a function, and the function's own. */
final class SandboxEnvironment {
  private SandboxEnvironment() {}

  static Map<String, String> of(FunctionSettings settings, String runtimeApi) {
    Map<String, String> variables = new HashMap<>();
    variables.put("AWS_LAMBDA_RUNTIME_API", runtimeApi);
    variables.put("AWS_LAMBDA_FUNCTION_NAME", settings.name());
    variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
    variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(settings.memoryMegabytes()));
    variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + settings.name());
    variables.put("AWS_LAMBDA_LOG_STREAM_NAME", "local");
    variables.put(
        "AWS_LAMBDA_INITIALIZATION_TYPE", settings.snapStart() ? "snap-start" : "on-demand");
    variables.put("AWS_REGION", "us-east-1");
    variables.put("AWS_DEFAULT_REGION", "us-east-1");
    // Of nobody: on one box, no service of AWS is asked.
    variables.put("AWS_ACCESS_KEY_ID", "local");
    variables.put("AWS_SECRET_ACCESS_KEY", "local");
    variables.put("_HANDLER", settings.handler());
    variables.put("LAMBDA_TASK_ROOT", settings.folder().toAbsolutePath().toString());
    variables.put("TZ", ":UTC");
    // As every native library here: it stays on this machine.
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    variables.putAll(settings.environment());
    return variables;
  }
}
