using Microsoft.Extensions.DependencyInjection;
using Sclip.Dispatcher.Estimating;
using Sclip.Dispatcher.Planning;

namespace Sclip.Dispatcher.Control;

/// <summary>What submits, plans, cancels and retries jobs, for the service and the command line alike.</summary>
public static class JobControlServices
{
    /// <summary>Registers <see cref="JobSubmission"/>, <see cref="JobEstimator"/>, <see cref="JobPlanner"/> and <see cref="JobControl"/>; store and bus must be registered too.</summary>
    public static IServiceCollection AddJobControl(this IServiceCollection services) =>
        services.AddSingleton<JobImages>().AddSingleton<JobSubmission>().AddSingleton<JobEstimator>().AddSingleton<JobPlanner>().AddSingleton<JobControl>();
}
