package dev.remix.web.job;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * @param keepAlive silence after which a comment is sent, so that no proxy thinks the stream dead
 * @param look interval at which a stream looks for events that another service wrote
 */
@Validated
@ConfigurationProperties("remix.events")
record EventStreamSettings(
        @NotNull @DefaultValue("15s") Duration keepAlive,
        @NotNull @DefaultValue("1s") Duration look) {}
