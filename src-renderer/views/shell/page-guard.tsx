import { Button, Stack, Text, Title } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ask } from '../../bridge.ts';
import { say } from '../../strings/say.ts';

/** Catches what breaks while a view is drawn: the rest of the window stays, and the log has it. */
export class PageGuard extends Component<{ readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: Error, { componentStack }: ErrorInfo): void {
    tellFault(`${error.message}\n${componentStack ?? ''}`);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <div className="page" role="alert">
        <Stack gap="md" align="flex-start">
          <Title order={1} fz={24}>
            {say.system.pageFault.title}
          </Title>
          <Text c="dimmed">{say.system.pageFault.text}</Text>
          <Button onClick={() => location.reload()}>{say.system.pageFault.again}</Button>
        </Stack>
      </div>
    );
  }
}

const MOST = 10;
let told = 0;

/** A page that breaks again and again has said enough. */
function tellFault(message: string): void {
  if (told++ < MOST) void ask('app/fault', { message: message.slice(0, 4000) });
}

/** What breaks outside of drawing: in an event, in a promise. And a hidden page is let go after a while, but not with a dialog open, in which something may be filled in. */
export function watchPage(): void {
  addEventListener('error', ({ message }) => tellFault(message));
  addEventListener('unhandledrejection', ({ reason }) => tellFault(reason instanceof Error ? `${reason.message}\n${reason.stack ?? ''}` : String(reason)));
  addEventListener('beforeunload', (event) => {
    if (document.querySelector('[role="dialog"]') !== null) event.preventDefault();
  });
}
