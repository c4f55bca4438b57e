package dev.remix.web;

import dev.remix.fixture.FreshInstallation;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** The whole application on a random port and a fresh installation, with an {@link Api} that has the administrator's key. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@FreshInstallation
@Import(Api.class)
@SpringBootTest(
        classes = RemixApplication.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "remix.database.url=${spring.datasource.url}",
            "remix.database.user=${spring.datasource.username}",
            "remix.database.password=${spring.datasource.password}",
            "remix.models-directory=${remix.data-directory}/models",
            "remix.launch.launcher=pull",
        })
public @interface WebTest {}
