/**
 * Part of the snapshot's model: what the compose files say that the containers' labels name.
 *
 * Not their text but what Compose makes of it: redaction sees values by name and shape, and no line of a file that a label of anyone's names gets into
 * the document unless it is one of a compose service. Lines and columns stay those of the files.
 */
import Type, { type Static } from "typebox";

import { closed, Raw, TextOrNull } from "./shapes.ts";

/** Index into the project's `files`, line, column, end line, end column; all but the first from 1. */
const ComposePlace = Type.Array(Type.Number(), { minItems: 5, maxItems: 5 });

/** A service as it would be created, its facts as a container has them; `places`, `unknown` and `variables` by JSON pointer into them. */
export const ComposeService = Type.Object(
  {
    name: Type.String(),
    facts: Raw,
    /** As written, `seccomp=unconfined`. */
    securityOptions: Type.Array(Type.String()),
    /** `group_add`; absent where a snapshot was taken before it was asked for. */
    groups: Type.Optional(Type.Array(Type.String())),
    places: Type.Record(Type.String(), ComposePlace),
    unknown: Type.Record(Type.String(), Type.String()),
    /** Names of variables that a value was filled in with. Whoever started the project may have had others in the environment. */
    variables: Type.Record(Type.String(), Type.Array(Type.String())),
    /** Facts that are left out, since an env file fills in what no container of the service shows: the variables that do. */
    withheld: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  },
  closed,
);

export const ComposeProject = Type.Object(
  {
    /** What Compose wrote on its containers: labels com.docker.compose.project, and of it config_files, working_dir and environment_file. */
    madeBy: Type.Object({ project: Type.String(), files: Type.String(), folder: Type.String(), envFiles: Type.String() }, closed),
    /** Absolute paths of files that places are in. */
    files: Type.Array(Type.String()),
    services: Type.Array(ComposeService),
    /** Where its services stand, or what makes that unknown; absent where no file is named, and where a snapshot was taken before it was told. */
    place: Type.Optional(ComposePlace),
    /** Whether a part of it lies elsewhere (git, a registry) and was not fetched. */
    partial: Type.Boolean(),
    /** Why the services are not known; null where they are. */
    error: TextOrNull,
  },
  closed,
);

export const ComposeData = Type.Array(ComposeProject);

export type ComposeService = Static<typeof ComposeService>;
export type ComposeProject = Static<typeof ComposeProject>;
