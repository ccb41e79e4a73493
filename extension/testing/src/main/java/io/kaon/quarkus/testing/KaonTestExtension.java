// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import jakarta.inject.Inject;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Does what {@link KaonTest} says. One object for a test class, used by the thread that runs it. */
public final class KaonTestExtension
        implements BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    private final Set<Class<?>> begun = new HashSet<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        KaonTest settings = settingsOf(context.getRequiredTestClass());
        ApplicationBroker broker = ApplicationBroker.current();
        boolean isFirst = begun.add(context.getRequiredTestClass());
        if (settings.before() == KaonTest.When.EACH_METHOD || isFirst) {
            broker.reset(settings.reset());
        }
        for (Object instance : context.getRequiredTestInstances().getAllInstances()) {
            fill(instance, broker);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        ApplicationBroker.clearFaults();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ApplicationBroker.endUnlessEmbedded();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Executable executable = parameter.getDeclaringExecutable();
        return executable instanceof Method && isOurs(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return value(parameter.getParameter().getType(), ApplicationBroker.current());
    }

    private static boolean isOurs(Class<?> type) {
        return type == KaonClient.class || type == Faults.class;
    }

    private static Object value(Class<?> type, ApplicationBroker broker) {
        return type == Faults.class ? broker.faults() : broker.client();
    }

    private static void fill(Object instance, ApplicationBroker broker) {
        for (Class<?> type = instance.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (isOurs(field.getType())
                        && !Modifier.isStatic(field.getModifiers())
                        && !field.isAnnotationPresent(Inject.class)) {
                    fill(instance, field, value(field.getType(), broker));
                }
            }
        }
    }

    private static void fill(Object instance, Field field, Object value) {
        try {
            field.setAccessible(true);
            field.set(instance, value);
        } catch (IllegalAccessException closed) {
            throw new ExtensionConfigurationException("The field " + field + " cannot be filled", closed);
        }
    }

    private static KaonTest settingsOf(Class<?> testClass) {
        for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
            KaonTest settings = type.getAnnotation(KaonTest.class);
            if (settings != null) {
                return settings;
            }
        }
        throw new ExtensionConfigurationException("Put @KaonTest on " + testClass.getName());
    }
}
