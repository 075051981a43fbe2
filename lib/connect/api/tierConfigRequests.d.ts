// Types of a deep path of the original SDK; the classes are those of the package itself.
import { TierConfigRequestResource } from '../../../index';

export = TierConfigRequestResource;
