package dev.remix.systemtest;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One service for all classes that only talk to it; a constructor gets it as a {@link RunningService}. */
final class SharedService implements BeforeAllCallback, ParameterResolver {

    @Override
    public void beforeAll(ExtensionContext context) {
        service(context);
    }

    /** Closed by the store at the end of the whole run. */
    private static RunningService service(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedService.class))
                .computeIfAbsent(RunningService.class, type -> started(context), RunningService.class);
    }

    private static RunningService started(ExtensionContext context) {
        var service = RunningService.with();
        service.beforeAll(context);
        return service;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == RunningService.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return service(context);
    }
}
