/* A byte[] for Java. */
#include "glue.h"

jbyteArray new_bytes(JNIEnv *env, const char *bytes, size_t length) {
    jbyteArray array = (*env)->NewByteArray(env, (jsize)length);
    if (array != NULL && length > 0) {
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)length, (const jbyte *)bytes);
        if ((*env)->ExceptionCheck(env)) return NULL;
    }
    return array;
}
