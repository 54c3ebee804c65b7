using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Biobert
{
    /// <summary>What all tasks share: options, cancelling, and the way of a result into managed objects.</summary>
    internal static class Call
    {
        /// <summary>A native function with all that is its own already filled in.</summary>
        internal delegate Status Function(ref RunOptions.Native options, CancelHandle cancel, out ResultHandle result, out ErrorHandle error);

        internal static IReadOnlyList<DocumentResult> Run(RunOptions options, CancellationToken token, Function function)
        {
            token.ThrowIfCancellationRequested();
            var native = RunOptions.Convert(options);
            using (var cancellation = new Cancellation(token))
            {
                ResultHandle result;
                ErrorHandle error;
                var status = function(ref native, cancellation.Switch, out result, out error);
                // Freed here and now: the collector does not see how much native memory a result has.
                using (result)
                {
                    ErrorHandle.Check(status, error, token);
                    return result.Read();
                }
            }
        }

        /// <summary>The result of a call on one document; a bad one throws at once.</summary>
        internal static DocumentResult One(IReadOnlyList<DocumentResult> results)
        {
            results[0].ThrowIfBad();
            return results[0];
        }

        /// <summary>One document as a list.</summary>
        internal static string[] List(string document, string parameter)
        {
            if (document == null) throw new ArgumentNullException(parameter);
            return new[] { document };
        }

        /// <summary>Heads named for a task that has none are a mistake, not to be passed over.</summary>
        internal static void NoHeads(RunOptions options)
        {
            if (options?.Heads != null && options.Heads.Count > 0) throw new ArgumentException("This task has no heads.", nameof(options));
        }

        /// <summary>A call on a thread of the pool.</summary>
        internal static Task<T> Async<T>(Func<T> call, CancellationToken token)
        {
            return Task.Run(call, token);
        }
    }
}
