/** Adapter kinds, their parameters, initialisation, save and load. */
@NullMarked
package dev.remix.engine.adapter;

import org.jspecify.annotations.NullMarked;
