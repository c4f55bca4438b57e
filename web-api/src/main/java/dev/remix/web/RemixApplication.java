package dev.remix.web;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The service's process. */
@ConfigurationPropertiesScan
@SpringBootApplication(scanBasePackages = {"dev.remix.service", "dev.remix.web"})
public class RemixApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(RemixApplication.class, arguments);
    }
}
