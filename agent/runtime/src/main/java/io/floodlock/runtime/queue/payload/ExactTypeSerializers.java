package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializer;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.BeanSerializerBase;
import java.io.IOException;

/**
 * Refuses to write an object of a subclass of a declared concrete class; {@link PayloadMapper} installs it. The reader
 * creates the declared class, so the fields that the subclass adds (or that a lazy entity has not loaded) would be lost
 * silently.
 */
final class ExactTypeSerializers extends BeanSerializerModifier {

    private static final long serialVersionUID = 1L;

    @Override
    public JsonSerializer<?> modifySerializer(
            SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
        return serializer instanceof BeanSerializer found ? new Exact(found) : serializer;
    }

    private static final class Exact extends BeanSerializer {

        private static final long serialVersionUID = 1L;

        Exact(BeanSerializerBase source) {
            super(source);
        }

        @Override
        public void serialize(Object bean, JsonGenerator out, SerializerProvider provider) throws IOException {
            check(bean, provider);
            super.serialize(bean, out, provider);
        }

        @Override
        public void serializeWithType(Object bean, JsonGenerator out, SerializerProvider provider, TypeSerializer types)
                throws IOException {
            check(bean, provider);
            super.serializeWithType(bean, out, provider, types);
        }

        private void check(Object bean, SerializerProvider provider) throws JsonMappingException {
            if (bean.getClass() != handledType()) {
                throw JsonMappingException.from(
                        provider,
                        "the declared type is " + handledType().getName() + ", but the value is an object of "
                                + bean.getClass().getName() + "; only the declared class itself can be serialized");
            }
        }
    }
}
