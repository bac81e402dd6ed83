using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sclip.Contracts.Jobs;

namespace Sclip.Dispatcher.Http;

/// <summary>Refuses keys in the query that an endpoint does not know, and those that are there twice: an answer to half of a question would pass for one to all of it.</summary>
internal static class QueryKeys
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Query.Count > 0 && context.GetEndpoint()?.Metadata.GetMetadata<MethodInfo>() is { } handler && Refusal(context.Request, handler) is { } refusal
            ? Problems.WriteAsync(context, StatusCodes.Status400BadRequest, refusal)
            : next(context);

    private static string? Refusal(HttpRequest request, MethodInfo handler)
    {
        var known = handler.GetParameters().Select(parameter => parameter.GetCustomAttribute<FromQueryAttribute>() is { } query ? query.Name ?? parameter.Name : null).OfType<string>().ToArray();
        foreach (var (key, values) in request.Query)
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
                return $"There is no '{JobNames.Shown(key)}' to ask for at {JobNames.Shown(request.Path)}; {(known.Length == 0 ? "its query takes nothing" : $"its query takes {string.Join(", ", known)}")}.";
            else if (values.Count > 1)
                return $"{JobNames.Shown(key)} is in the query {values.Count} times; give it once.";
        return null;
    }
}
