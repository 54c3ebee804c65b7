#!/usr/bin/env python3
"""CUDA's driver by ctypes: as much of it as loading, launching and timing kernels takes.

Run by itself, it says which GPU there is.
"""
import ctypes
import statistics

MULTIPROCESSORS, MAJOR, MINOR = 16, 75, 76
DYNAMIC_SHARED = 8
# What a kernel may have without asking.
SHARED = 48 << 10


class Failure(Exception):
    """What a call of the driver answered."""


class Driver:
    """The first GPU, with the context that PyTorch uses too."""

    def __init__(self):
        try:
            self.cuda = ctypes.CDLL("libcuda.so.1")
        except OSError as error:
            raise Failure(f"no driver: {error}") from None
        self.call("cuInit", 0)
        device, context = ctypes.c_int(), ctypes.c_void_p()
        self.call("cuDeviceGet", ctypes.byref(device), 0)
        self.call("cuDevicePrimaryCtxRetain", ctypes.byref(context), device)
        self.call("cuCtxSetCurrent", context)
        self.device = device
        self.processors = self.attribute(MULTIPROCESSORS)
        self.capability = self.attribute(MAJOR), self.attribute(MINOR)

    def call(self, name, *arguments):
        result = getattr(self.cuda, name)(*arguments)
        if result != 0:
            text = ctypes.c_char_p()
            self.cuda.cuGetErrorName(result, ctypes.byref(text))
            raise Failure(f"{name}: {(text.value or b'error').decode()} ({result})")

    def attribute(self, which):
        value = ctypes.c_int()
        self.call("cuDeviceGetAttribute", ctypes.byref(value), which, self.device)
        return value.value

    def name(self):
        text = ctypes.create_string_buffer(256)
        self.call("cuDeviceGetName", text, len(text), self.device)
        return text.value.decode()

    def version(self):
        """The newest CUDA that the driver runs."""
        value = ctypes.c_int()
        self.call("cuDriverGetVersion", ctypes.byref(value))
        return f"{value.value // 1000}.{value.value % 1000 // 10}"

    def module(self, image):
        """Kernels from a cubin or from PTX."""
        module = ctypes.c_void_p()
        self.call("cuModuleLoadData", ctypes.byref(module), ctypes.c_char_p(image + b"\0"))
        return module

    def function(self, module, name):
        function = ctypes.c_void_p()
        self.call("cuModuleGetFunction", ctypes.byref(function), module, name.encode())
        return function

    def memory(self, size, data=None):
        """Memory of the GPU, filled with `data` over and over."""
        pointer = ctypes.c_uint64()
        self.call("cuMemAlloc_v2", ctypes.byref(pointer), ctypes.c_size_t(size))
        if data is not None:
            data = (data * -(-size // len(data)))[:size]
            self.call("cuMemcpyHtoDAsync_v2", pointer, data, ctypes.c_size_t(size), None)
            self.call("cuStreamSynchronize", None)
        return pointer

    def launch(self, function, grid, threads, shared, arguments):
        """Arguments are values of ctypes."""
        if shared > SHARED:
            self.call("cuFuncSetAttribute", function, DYNAMIC_SHARED, shared)
        pointers = (ctypes.c_void_p * len(arguments))(
            *[ctypes.addressof(argument) for argument in arguments])
        self.call("cuLaunchKernel", function, *grid, threads, 1, 1, shared, None, pointers, None)

    def milliseconds(self, launch, times):
        """How long one launch takes on the GPU: the median of `times`, after two that warm up."""
        launch()
        launch()
        events = [self.event() for _ in range(times + 1)]
        self.call("cuEventRecord", events[0], None)
        for event in events[1:]:
            launch()
            self.call("cuEventRecord", event, None)
        self.call("cuEventSynchronize", events[-1])
        taken = []
        for before, after in zip(events, events[1:]):
            value = ctypes.c_float()
            self.call("cuEventElapsedTime", ctypes.byref(value), before, after)
            taken.append(value.value)
        for event in events:
            self.call("cuEventDestroy_v2", event)
        return statistics.median(taken)

    def event(self):
        event = ctypes.c_void_p()
        self.call("cuEventCreate", ctypes.byref(event), 0)
        return event


if __name__ == "__main__":
    driver = Driver()
    major, minor = driver.capability
    print(f"{driver.name()}, compute capability {major}.{minor}, driver for CUDA {driver.version()}")
