using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using NUnit.Framework;

/// <summary>Runs the tests where NUnit's own runner does not: it needs AppDomains, which .NET no longer has.
/// Exits with 1 if a test fails or none is found. With --version it only says what .NET it is.</summary>
internal static class RunTests
{
    private static int Main(string[] args)
    {
        if (args.Length == 1 && args[0] == "--version")
        {
            Console.WriteLine(Environment.Version);
            return 0;
        }
        int run = 0, failed = 0;
        foreach (var type in typeof(EngineTests).Assembly.GetTypes().Where(t => t.IsDefined(typeof(TestFixtureAttribute), false)))
        {
            var fixture = Activator.CreateInstance(type);
            Call<TestFixtureSetUpAttribute>(fixture);
            foreach (var test in With<TestAttribute>(type))
            {
                run++;
                try
                {
                    Call<SetUpAttribute>(fixture);
                    test.Invoke(fixture, null);
                    Call<TearDownAttribute>(fixture);
                }
                catch (TargetInvocationException error)
                {
                    failed++;
                    Console.WriteLine("{0}.{1}: {2}", type.Name, test.Name, error.InnerException);
                }
            }
            Call<TestFixtureTearDownAttribute>(fixture);
        }
        Console.WriteLine("Tests run: {0}, failures: {1}", run, failed);
        return run > 0 && failed == 0 ? 0 : 1;
    }

    private static void Call<T>(object fixture)
    {
        foreach (var method in With<T>(fixture.GetType())) method.Invoke(fixture, null);
    }

    private static IEnumerable<MethodInfo> With<T>(Type type)
    {
        return type.GetMethods().Where(method => method.IsDefined(typeof(T), false));
    }
}
