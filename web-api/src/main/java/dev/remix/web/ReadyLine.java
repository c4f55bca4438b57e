package dev.remix.web;

import dev.remix.web.access.AdminKey;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** The one line on standard output, for people and for programs that wait for it. */
@Component
class ReadyLine {
    private final AdminKey adminKey;

    ReadyLine(AdminKey adminKey) {
        this.adminKey = adminKey;
    }

    @EventListener
    void print(ApplicationReadyEvent event) {
        if (event.getApplicationContext() instanceof WebServerApplicationContext context
                && context.getWebServer() != null) {
            System.out.println("Remix is ready on http://localhost:"
                    + context.getWebServer().getPort() + " — admin key in " + adminKey.file() + " — API at /docs");
        }
    }
}
