/** From chat lines to batches of tokens: tokenizer, chat templates, which tokens are learnt, and the order of the batches. */
@NullMarked
package dev.remix.engine.text;

import org.jspecify.annotations.NullMarked;
