/* What -Xcheck:jni has to complain of: a call with an exception pending. */
#include <jni.h>

JNIEXPORT jint JNICALL Java_Careless_run(JNIEnv *env, jclass self, jobjectArray empty) {
    (void)self;
    (*env)->GetObjectArrayElement(env, empty, 1);
    return (*env)->GetArrayLength(env, empty);
}
