package dev.remix.service;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/**
 * Lets the recurring chores run by themselves. Every one of them is a method that may be called at any time and by several
 * services at once, since it takes its work by conditional statements; so plain scheduling does, and tests call them by hand.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@ConditionalOnBooleanProperty(name = "remix.chores", matchIfMissing = true)
class Chores {}
