// Signs, drawn by us; what they mean is always said in words beside them.

const DRAWN = {
  back: "M15 5l-7 7 7 7",
  today: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  journal: "M6 4h10a2 2 0 0 1 2 2v14H8a2 2 0 0 1-2-2zM6 17.5h12M10 8.5h4.5M10 12h4.5",
  log: "M12 5v14M5 12h14",
  safety: "M12 20s-7.5-4.4-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.5 10c0 5.6-7.5 10-7.5 10z",
  more: "M5 7h14M5 12h14M5 17h14",
  forward: "M9 5l7 7-7 7",
  up: "M6 14l6-6 6 6",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l4.5 4.5",
} as const;

export type IconName = keyof typeof DRAWN;

/** A sign; nothing for screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d={DRAWN[name]} />
    </svg>
  );
}
