package dev.remix.engine.train;

import dev.remix.engine.forecast.Forecast;
import java.time.Duration;

/**
 * What a run will take, with the time on this machine.
 *
 * @param operationsPerSecond of a step, as rehearsed
 */
public record RunForecast(Forecast forecast, double operationsPerSecond) {

    /** Of the training; evaluations and checkpoints are beside it. */
    public Duration duration() {
        return forecast.duration(operationsPerSecond);
    }
}
