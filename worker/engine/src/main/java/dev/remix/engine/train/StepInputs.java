package dev.remix.engine.train;

import dev.remix.engine.text.Batch;

/**
 * @param step from 1
 * @param learningRate of the adapters in this step
 */
record StepInputs(Batch batch, int step, double learningRate) {}
