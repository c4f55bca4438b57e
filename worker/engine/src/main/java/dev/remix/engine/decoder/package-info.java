/** The base model: configuration, weights and rotary tables of a Llama decoder in Hugging Face's format. */
@NullMarked
package dev.remix.engine.decoder;

import org.jspecify.annotations.NullMarked;
