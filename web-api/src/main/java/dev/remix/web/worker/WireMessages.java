package dev.remix.web.worker;

import dev.remix.protocol.Wire;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Reads and writes the protocol's records as the protocol does, so that both ends agree by construction. People's requests
 * are read more strictly: there an unknown field is a mistake, here it is a newer peer.
 */
@Configuration(proxyBeanMethods = false)
class WireMessages implements WebMvcConfigurer {

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.addCustomConverter(new WireConverter());
    }

    private static final class WireConverter extends JacksonJsonHttpMessageConverter {
        WireConverter() {
            super(Wire.json());
        }

        @Override
        public boolean canRead(ResolvableType type, @Nullable MediaType mediaType) {
            return isOfTheProtocol(type.toClass()) && super.canRead(type, mediaType);
        }

        @Override
        public boolean canWrite(ResolvableType type, Class<?> valueClass, @Nullable MediaType mediaType) {
            return isOfTheProtocol(valueClass) && super.canWrite(type, valueClass, mediaType);
        }

        private static boolean isOfTheProtocol(Class<?> type) {
            return type.getPackageName().equals(Wire.class.getPackageName());
        }
    }
}
