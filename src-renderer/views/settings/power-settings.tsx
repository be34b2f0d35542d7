import { useAppState } from '../../store.ts';
import { say } from '../../strings/say.ts';
import { SwitchSetting } from './choice-setting.tsx';
import { NumberSetting } from './number-setting.tsx';
import type { ChangeSettings } from './settings.tsx';

const MB = 1_000_000;

/** When to rest because of the machine. Where the system does not tell, that is said, and a switch would promise too much. */
export function PowerSettings({ onChange }: { readonly onChange: ChangeSettings }) {
  const { settings, machine } = useAppState();
  const { onBattery, metered } = machine;
  const { unknown, now } = say.system;
  return (
    <>
      <SwitchSetting
        title={say.system.pauseOnBattery}
        {...(onBattery === null ? { hint: unknown.battery } : onBattery ? { hint: now.battery } : {})}
        checked={settings.pauseOnBattery}
        disabled={onBattery === null && !settings.pauseOnBattery}
        onChange={(pauseOnBattery) => onChange({ pauseOnBattery })}
      />
      <SwitchSetting
        title={say.system.pauseOnMetered}
        hint={
          metered === null ? `${say.system.pauseOnMeteredHint} ${unknown.metered}` : metered ? `${say.system.pauseOnMeteredHint} ${now.metered}` : say.system.pauseOnMeteredHint
        }
        checked={settings.pauseOnMetered}
        disabled={metered === null && !settings.pauseOnMetered}
        onChange={(pauseOnMetered) => onChange({ pauseOnMetered })}
      />
      <NumberSetting
        title={say.system.freeSpace}
        hint={say.system.freeSpaceHint}
        unit="MB"
        value={Math.max(1, Math.round(settings.freeSpace / MB))}
        max={1_000_000_000}
        onChange={(value) => onChange({ freeSpace: value * MB })}
      />
    </>
  );
}
