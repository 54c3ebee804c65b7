/* Exceptions. Classes are looked up when they are needed, which is rare: a global reference to a
 * class would keep its loader, and so a whole web application, alive. */
#include "glue.h"

void throw_out_of_memory(JNIEnv *env) {
    jclass type = (*env)->FindClass(env, "java/lang/OutOfMemoryError");
    if (type != NULL) (*env)->ThrowNew(env, type, "native memory");
}

void throw_failure(JNIEnv *env, biobert_status status, biobert_str message, int64_t doc_index) {
    jclass type = (*env)->FindClass(env, "org/biobert/BiobertException");
    if (type == NULL) return;
    jmethodID create = (*env)->GetMethodID(env, type, "<init>", "(I[BJ)V");
    if (create == NULL) return;
    /* As bytes: NewStringUTF would take Java's own kind of UTF-8. */
    jbyteArray bytes = new_bytes(env, message.ptr, message.len);
    if (bytes == NULL) return;
    jobject exception = (*env)->NewObject(env, type, create, (jint)status, bytes, (jlong)doc_index);
    if ((*env)->ExceptionCheck(env) || exception == NULL) return;
    (*env)->Throw(env, (jthrowable)exception);
}

void throw_error(JNIEnv *env, biobert_error *error) {
    throw_failure(env, biobert_error_status(error), biobert_error_message(error), biobert_error_doc_index(error));
    biobert_error_free(error);
}

void check(JNIEnv *env, biobert_status status, biobert_error **error) {
    if (status != BIOBERT_OK) throw_error(env, *error);
}
