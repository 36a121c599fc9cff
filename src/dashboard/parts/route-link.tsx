// A real link that changes the page without loading it anew; other buttons and keys work as with any link.
import type { MouseEvent, ReactNode, Ref } from "react";
import { type Route, writeRoute } from "../route.ts";

interface RouteLinkProps {
  readonly to: Route;
  readonly onRoute: (route: Route) => void;
  readonly current?: boolean;
  readonly className?: string;
  readonly ref?: Ref<HTMLAnchorElement>;
  readonly children: ReactNode;
}

export function RouteLink({ to, onRoute, current = false, className, ref, children }: RouteLinkProps): ReactNode {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onRoute(to);
  };
  return (
    <a
      ref={ref}
      href={writeRoute(to)}
      className={className}
      aria-current={current ? "page" : undefined}
      onClick={follow}
    >
      {children}
    </a>
  );
}
