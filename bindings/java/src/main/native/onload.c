/* The only function that the library exports: compares versions with the jar and gives it its
 * native methods. */
#include "glue.h"

#include <stdio.h>
#include <string.h>

/* What `Native.HANDSHAKE` must say, the jar's text in `jar`; false with an exception pending. */
static bool same_version(JNIEnv *env, jclass native) {
    char own[64], jar[64] = "";
    snprintf(own, sizeof own, "%s/%d", biobert_version_string(), GLUE_VERSION);
    jfieldID field = (*env)->GetStaticFieldID(env, native, "HANDSHAKE", "Ljava/lang/String;");
    if (field == NULL) return false;
    jstring text = (*env)->GetStaticObjectField(env, native, field);
    if (text == NULL) return false;
    /* The version is ASCII: bytes are characters. */
    if ((*env)->GetStringLength(env, text) < (jsize)sizeof jar / 3) {
        (*env)->GetStringUTFRegion(env, text, 0, (*env)->GetStringLength(env, text), jar);
        if ((*env)->ExceptionCheck(env)) return false;
    }
    if (strcmp(own, jar) == 0) return true;
    char message[192];
    snprintf(message, sizeof message, "the library is version %s, the jar needs %s", own, jar);
    jclass error = (*env)->FindClass(env, "java/lang/UnsatisfiedLinkError");
    if (error != NULL) (*env)->ThrowNew(env, error, message);
    return false;
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved) {
    (void)reserved;
    void *place = NULL;
    if ((*vm)->GetEnv(vm, &place, JNI_VERSION_10) != JNI_OK) return JNI_ERR;
    JNIEnv *env = place;
    jclass native = (*env)->FindClass(env, "org/biobert/Native");
    if (native == NULL || !same_version(env, native)) return JNI_ERR;
    if ((*env)->RegisterNatives(env, native, object_methods, n_object_methods) != JNI_OK) return JNI_ERR;
    if ((*env)->RegisterNatives(env, native, call_methods, n_call_methods) != JNI_OK) return JNI_ERR;
    if ((*env)->RegisterNatives(env, native, train_methods, n_train_methods) != JNI_OK) return JNI_ERR;
    return JNI_VERSION_10;
}
