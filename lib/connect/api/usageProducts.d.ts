// Types of a deep path; the classes are those of the package itself.
import { UsageProductResource } from '../../../index';

export = UsageProductResource;
