#include "glue.h"

#include <stdlib.h>

struct block {
    struct block *next;
    max_align_t bytes[];
};

void *arena_take(JNIEnv *env, arena *arena, size_t count, size_t size) {
    size_t wanted;
    struct block *block = NULL;
    if (!__builtin_mul_overflow(count, size, &wanted) &&
        !__builtin_add_overflow(wanted, sizeof(struct block), &wanted)) {
        block = malloc(wanted);
    }
    if (block == NULL) {
        throw_out_of_memory(env);
        return NULL;
    }
    block->next = arena->blocks;
    arena->blocks = block;
    return block->bytes;
}

void arena_free(arena *arena) {
    while (arena->blocks != NULL) {
        struct block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
}
