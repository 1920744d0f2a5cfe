using NhiGovernance.Catalogue;
using NhiGovernance.Catalogue.Environments;
using NhiGovernance.Catalogue.Mapping;
using NhiGovernance.Catalogue.People;
using NhiGovernance.Catalogue.Products;
using NhiGovernance.Catalogue.Services;
using NhiGovernance.Catalogue.Teams;
using NhiGovernance.Sources.Contract;

namespace NhiGovernance.Tests.Samples;

public sealed class CatalogueSamples : ISamples
{
    private static readonly RuleInput[] Rules = [new("repository", "acme/sample-*")];

    public void Add(SampleSet samples)
    {
        samples.For<CreateTeam>(s => Made(new CreateTeamRequest(s.Unique("team"), s.Unique("Team"))));
        samples.For<UpdateTeam>(s => Made(new UpdateTeamRequest(Team(s).Key, s.Unique("Renamed"), "#somewhere")));
        samples.For<SetTeamMembers>(s => Person(s).Id is var id ? Made(new SetTeamMembersRequest(Team(s).Key, [id], id)) : null!);
        samples.For<RemoveTeam>(s => Made(Team(s).Key));
        samples.For<CreatePerson>(s => Made(new CreatePersonRequest("Somebody", s.Unique("somebody") + "@acme.test")));
        samples.For<SetPersonStatus>(s => Made(new SetPersonStatusRequest(Person(s).Id, PersonStatus.Left, new DateOnly(2026, 11, 1))));
        samples.For<MergePeople>(s => Made(new MergePeopleRequest(Person(s).Id, Person(s).Id)));
        samples.For<CreateProduct>(s => Made(new CreateProductRequest(s.Unique("product"), s.Unique("Product"))));
        samples.For<UpdateProduct>(s => Made(new UpdateProductRequest(Product(s).Key, s.Unique("Renamed product"))));
        samples.For<RemoveProduct>(s => Made(Product(s).Key));
        samples.For<CreateService>(s => Made(new CreateServiceRequest(s.Unique("service"), s.Unique("Service"), Team(s).Key, Product(s).Key)));
        samples.For<UpdateService>(s => Made(new UpdateServiceRequest(Service(s).Key, s.Unique("Renamed service"), Team(s).Key, null)));
        samples.For<PreviewMapping>(s => Made(new PreviewMappingRequest(MappingTarget.Service, Service(s).Key, Rules)));
        samples.For<SetServiceMapping>(s => Made(new SetServiceMappingRequest(Service(s).Key, Rules)));
        samples.For<RemoveService>(s => Made(Service(s).Key));
        samples.For<CreateEnvironment>(s => Made(
            new CreateEnvironmentRequest(s.Unique("environment"), s.Unique("Environment"), EnvironmentKind.Staging, EnvironmentTier.Tier2, DataClass.Internal)));
        samples.For<UpdateEnvironment>(s => Made(
            new UpdateEnvironmentRequest(Environment(s).Key, s.Unique("Renamed environment"), EnvironmentKind.Drill, EnvironmentTier.Tier3, DataClass.Public)));
        samples.For<SetEnvironmentMapping>(s => Made(new SetEnvironmentMappingRequest(Environment(s).Key, Rules)));
        samples.For<RemoveEnvironment>(s => Made(Environment(s).Key));
    }

    private static Team Team(SampleContext s) => s.Save(new Team { Id = s.NewId(), Key = s.Unique("team"), Name = s.Unique("Team") });

    private static Person Person(SampleContext s) => s.Save(new Person { Id = s.NewId(), Name = s.Unique("Person") });

    private static Product Product(SampleContext s) => s.Save(new Product { Id = s.NewId(), Key = s.Unique("product"), Name = s.Unique("Product") });

    private static Service Service(SampleContext s) => s.Save(new Service { Id = s.NewId(), Key = s.Unique("service"), Name = s.Unique("Service") });

    private static ReleaseEnvironment Environment(SampleContext s) => s.Save(new ReleaseEnvironment
    {
        Id = s.NewId(), Key = s.Unique("environment"), Name = s.Unique("Environment"),
        Kind = EnvironmentKind.Production, Tier = EnvironmentTier.Tier1, DataClass = DataClass.Restricted,
    });

    private static Task<object> Made(object request) => Task.FromResult(request);
}
