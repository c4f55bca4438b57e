package dev.remix.web.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the document says beside the operations that it finds in the controllers. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {
    private static final String KEY = "api_key";

    @Bean
    OpenAPI document() {
        OpenAPI document = new OpenAPI()
                .info(new Info()
                        .title("Remix")
                        .version("1")
                        .description("Training of mixtures of LoRAs as a service, in the shape of OpenAI's files,"
                                + " fine-tuning and models API. Additions are extra fields and extra paths.")
                        .license(new License().name("Apache-2.0").identifier("Apache-2.0")))
                .servers(List.of(new Server().url("/")))
                .addSecurityItem(new SecurityRequirement().addList(KEY));
        document.schemaRequirement(
                KEY,
                new SecurityScheme()
                        .type(SecurityScheme.Type.HTTP)
                        .scheme("bearer")
                        .description("The administrator's key lies in `admin.key` of the data directory."));
        return document;
    }

    /** Field names as they go over the wire. */
    @Bean
    ModelResolver fieldNames() {
        ObjectMapper names = new ObjectMapper();
        names.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(names).openapi31(true);
    }

    @Bean
    RequiredComponents requiredComponents() {
        return new RequiredComponents();
    }

    @Bean
    OpenApiCustomizer errors() {
        return new ErrorResponses();
    }
}
