/** The service's worker endpoints over HTTP, with every failure told apart by what can be done about it. */
@NullMarked
package dev.remix.agent.api;

import org.jspecify.annotations.NullMarked;
