namespace NhiGovernance.Data;

/// <summary>Hears every change signal that reaches this process, its own ones too. Must be quick and must not throw.</summary>
public interface IHearChanges
{
    void Hear(ChangeSignal signal);
}
