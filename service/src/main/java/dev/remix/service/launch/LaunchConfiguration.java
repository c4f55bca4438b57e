package dev.remix.service.launch;

import dev.remix.service.Ids;
import dev.remix.service.queue.RegistrationToken;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Chooses the launcher. */
@Configuration(proxyBeanMethods = false)
class LaunchConfiguration {

    @Bean
    Launcher launcher(
            LaunchSettings settings,
            @Value("${REMIX_HOME:.}") Path home,
            @Value("${remix.data-directory}") Path data,
            @Value("${remix.models-directory}") Path models,
            RegistrationToken token,
            LocalAttempts attempts,
            Ids ids,
            Clock clock,
            Environment environment) {
        return switch (settings.launcher()) {
            case PULL -> new PullLauncher();
            case LOCAL -> {
                LaunchSettings.Local local = settings.local();
                Path directory = data.toAbsolutePath();
                WorkerCommand command = new WorkerCommand(
                        local.command().isEmpty() ? ownJava(home) : local.command(),
                        () -> service(local, environment),
                        models.toAbsolutePath(),
                        directory.resolve("work"),
                        token.value());
                yield new LocalLauncher(local, command, WorkerFiles.in(directory), attempts, ids, clock);
            }
        };
    }

    private static List<String> ownJava(Path home) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path libraries = home.toAbsolutePath().normalize().resolve("worker/agent/target/lib");
        return List.of(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-cp",
                libraries + "/*",
                "dev.remix.agent.Agent");
    }

    private static URI service(LaunchSettings.Local settings, Environment environment) {
        URI configured = settings.url();
        return configured != null
                ? configured
                : URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port"));
    }
}
